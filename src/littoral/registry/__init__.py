"""Agents as data, and their executions."""
