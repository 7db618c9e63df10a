"""The user's to-dos: the list, words about dates and commands, the tools, reminders."""
