"""The rules: functions from sources to what breaks them; nothing here knows pytest."""
