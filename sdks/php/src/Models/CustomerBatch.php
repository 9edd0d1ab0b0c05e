<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * What became of every item of a batch.
 *
 * @property-read list<Customer> $successful
 * @property-read list<FailedCustomer> $failed
 * @property-read string $object
 * @property-read bool $livemode
 */
final class CustomerBatch extends Model
{
    protected const FIELDS = [
        'successful',
        'failed',
        'object',
        'livemode',
    ];

    protected const MODELS = [
        'successful' => Customer::class,
        'failed' => FailedCustomer::class,
    ];
}
