"""The screens: what people see. Imports nothing of ours; speaks HTTP to the API."""
