"""The endpoint: what a server hears of wishes to leave, bounces and complaints, and keeps for the laptop to fetch.

It has the key of a newsletter (`base/endpoint_key.py`) and a log, and knows no addresses.
"""
