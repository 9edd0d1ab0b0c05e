<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Core;

/**
 * Which fields of what is sent hold objects of the API, which hold keys of the caller, and which are left out where
 * they are null. Everything else goes out as it is.
 *
 * @internal
 */
final class Shapes
{
    public const ADDRESS = [
        'line2?' => null,
        'state?' => null,
        'region?' => null,
    ];

    public const CREATE_CUSTOMER = [
        'id?' => null,
        'externalId?' => null,
        'address' => self::ADDRESS,
        'timezone?' => null,
        'metadata' => Params::MAP,
    ];

    public const UPDATE_CUSTOMER = [
        'email?' => null,
        'address' => self::ADDRESS,
        'timezone?' => null,
        'metadata' => Params::MAP,
    ];

    public const CREATE_CUSTOMER_BATCH = [
        'customers' => [self::CREATE_CUSTOMER],
    ];

    public const CREATE_API_KEY = [
        'expiresInDays?' => null,
    ];
}
