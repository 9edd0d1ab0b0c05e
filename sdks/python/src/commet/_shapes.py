# Written by npm run gen from packages/contract. Do not edit.
"""Which fields of what is sent hold objects whose names are converted. Everything else goes out as it is."""

from ._core.params import Shape

ADDRESS: Shape = {}
CREATE_CUSTOMER: Shape = {"address": ADDRESS}
UPDATE_CUSTOMER: Shape = {"address": ADDRESS}
CREATE_CUSTOMER_BATCH: Shape = {"customers": CREATE_CUSTOMER}
CREATE_API_KEY: Shape = {}
