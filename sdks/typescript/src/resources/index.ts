// Written by npm run gen from packages/contract. Do not edit.

export type { ApiKeys } from './api-keys.ts'
export type { Customers } from './customers.ts'
export type {
  Address,
  ApiKey,
  CreateApiKeyParams,
  CreateCustomerBatchParams,
  CreateCustomerParams,
  CreatedApiKey,
  Customer,
  CustomerBatch,
  FailedCustomer,
  ListApiKeysParams,
  ListCustomersParams,
  UpdateCustomerFields,
  UpdateCustomerParams,
} from './types.ts'
