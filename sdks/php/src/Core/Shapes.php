<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Core;

/**
 * Which fields of what is sent hold objects of the API, and which hold keys of the caller. Everything else goes out
 * as it is.
 *
 * @internal
 */
final class Shapes
{
    public const ADDRESS = [];

    public const CREATE_CUSTOMER = [
        'address' => self::ADDRESS,
        'metadata' => Params::MAP,
    ];

    public const UPDATE_CUSTOMER = [
        'address' => self::ADDRESS,
        'metadata' => Params::MAP,
    ];

    public const CREATE_CUSTOMER_BATCH = [
        'customers' => [self::CREATE_CUSTOMER],
    ];

    public const CREATE_API_KEY = [];
}
