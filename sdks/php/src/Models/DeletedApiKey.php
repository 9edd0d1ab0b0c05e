<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * Says that the key is revoked.
 *
 * @property-read string $id
 * @property-read bool $deleted
 * @property-read string $object
 * @property-read bool $livemode
 */
final class DeletedApiKey extends Model
{
    protected const FIELDS = [
        'id',
        'deleted',
        'object',
        'livemode',
    ];
}
