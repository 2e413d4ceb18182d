"""Notices: neutral messages to people, written in the transaction of what they speak of, sent by the worker."""
