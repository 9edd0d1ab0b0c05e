<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * A new API key with its secret.
 *
 * @property-read string $id
 * @property-read string $name
 * @property-read string $prefix The first characters of the secret.
 * @property-read string $createdAt ISO 8601, UTC.
 * @property-read string $object
 * @property-read bool $livemode
 * @property-read string $expiresAt ISO 8601, UTC.
 * @property-read string $apiKey The secret. Shown once.
 */
final class CreatedApiKey extends Model
{
    protected const FIELDS = [
        'id',
        'name',
        'prefix',
        'createdAt',
        'object',
        'livemode',
        'expiresAt',
        'apiKey',
    ];
}
