"""The mesh: agents of one account that send each other messages and remember what they did."""
