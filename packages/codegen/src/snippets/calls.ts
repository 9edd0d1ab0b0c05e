// Written by npm run gen from packages/contract. Do not edit.
import type { Calls } from './call.ts'

export const calls: Calls = {
 "basePath": "/api/v1",
 "calls": {
  "customers.create": {
   "method": "POST",
   "path": "/customers",
   "ids": [],
   "query": [],
   "body": "CreateCustomer"
  },
  "customers.get": {
   "method": "GET",
   "path": "/customers/{id}",
   "ids": [
    "id"
   ],
   "query": []
  },
  "customers.update": {
   "method": "PATCH",
   "path": "/customers/{id}",
   "ids": [
    "id"
   ],
   "query": [],
   "body": "UpdateCustomer"
  },
  "customers.list": {
   "method": "GET",
   "path": "/customers",
   "ids": [],
   "query": [
    {
     "wire": "limit",
     "type": {
      "kind": "integer"
     }
    },
    {
     "wire": "cursor",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "externalId",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "email",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "search",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "createdAfter",
     "type": {
      "kind": "string",
      "format": "date-time"
     }
    },
    {
     "wire": "createdBefore",
     "type": {
      "kind": "string",
      "format": "date-time"
     }
    },
    {
     "wire": "metadata",
     "type": {
      "kind": "map"
     }
    },
    {
     "wire": "order",
     "type": {
      "kind": "string"
     }
    }
   ],
   "list": true
  },
  "customers.createBatch": {
   "method": "POST",
   "path": "/customers/batch",
   "ids": [],
   "query": [],
   "body": "CreateCustomerBatch"
  },
  "customers.delete": {
   "method": "DELETE",
   "path": "/customers/{id}",
   "ids": [
    "id"
   ],
   "query": []
  },
  "apiKeys.list": {
   "method": "GET",
   "path": "/api-keys",
   "ids": [],
   "query": [
    {
     "wire": "limit",
     "type": {
      "kind": "integer"
     }
    },
    {
     "wire": "cursor",
     "type": {
      "kind": "string"
     }
    }
   ],
   "list": true
  },
  "apiKeys.create": {
   "method": "POST",
   "path": "/api-keys",
   "ids": [],
   "query": [],
   "body": "CreateApiKey"
  },
  "apiKeys.delete": {
   "method": "DELETE",
   "path": "/api-keys/{id}",
   "ids": [
    "id"
   ],
   "query": []
  }
 },
 "models": {
  "Address": {
   "fields": [
    {
     "wire": "line1",
     "type": {
      "kind": "string"
     },
     "required": true
    },
    {
     "wire": "line2",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "city",
     "type": {
      "kind": "string"
     },
     "required": true
    },
    {
     "wire": "state",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "postalCode",
     "type": {
      "kind": "string"
     },
     "required": true
    },
    {
     "wire": "country",
     "type": {
      "kind": "string"
     },
     "required": true
    },
    {
     "wire": "region",
     "type": {
      "kind": "string"
     }
    }
   ],
   "answered": true
  },
  "CreateApiKey": {
   "fields": [
    {
     "wire": "name",
     "type": {
      "kind": "string"
     },
     "required": true
    },
    {
     "wire": "expiresInDays",
     "type": {
      "kind": "integer"
     }
    }
   ]
  },
  "CreateCustomer": {
   "fields": [
    {
     "wire": "email",
     "type": {
      "kind": "string",
      "format": "email"
     },
     "required": true
    },
    {
     "wire": "id",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "externalId",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "fullName",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "taxDocument",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "address",
     "type": {
      "kind": "model",
      "model": "Address"
     }
    },
    {
     "wire": "timezone",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "metadata",
     "type": {
      "kind": "map"
     }
    }
   ]
  },
  "CreateCustomerBatch": {
   "fields": [
    {
     "wire": "customers",
     "type": {
      "kind": "list",
      "of": {
       "kind": "model",
       "model": "CreateCustomer"
      }
     },
     "required": true
    }
   ]
  },
  "UpdateCustomer": {
   "fields": [
    {
     "wire": "email",
     "type": {
      "kind": "string",
      "format": "email"
     }
    },
    {
     "wire": "externalId",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "fullName",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "taxDocument",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "address",
     "type": {
      "kind": "model",
      "model": "Address"
     }
    },
    {
     "wire": "timezone",
     "type": {
      "kind": "string"
     }
    },
    {
     "wire": "metadata",
     "type": {
      "kind": "map"
     }
    }
   ]
  }
 }
}
