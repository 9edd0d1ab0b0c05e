<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * Says that the customer is gone.
 *
 * @property-read string $id ID of the customer, starting with cus_.
 * @property-read bool $deleted
 * @property-read string $object
 * @property-read bool $livemode
 */
final class DeletedCustomer extends Model
{
    protected const FIELDS = [
        'id',
        'deleted',
        'object',
        'livemode',
    ];
}
