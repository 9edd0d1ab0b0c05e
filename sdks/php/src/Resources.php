<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet;

use Commet\Core\Caller;
use Commet\Resources\ApiKeys;
use Commet\Resources\Customers;

/**
 * Every resource of the API.
 */
abstract class Resources
{
    public readonly ApiKeys $apiKeys;
    public readonly Customers $customers;
    public readonly Webhooks $webhooks;

    /**
     * @internal
     */
    protected function __construct(Caller $caller)
    {
        $this->apiKeys = new ApiKeys($caller);
        $this->customers = new Customers($caller);
        $this->webhooks = new Webhooks();
    }
}
