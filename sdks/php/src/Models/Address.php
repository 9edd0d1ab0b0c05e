<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * A postal address. Replaced whole, never merged.
 *
 * @property-read string $line1
 * @property-read string|null $line2
 * @property-read string $city
 * @property-read string|null $state
 * @property-read string $postalCode
 * @property-read string $country Two-letter country code of ISO 3166-1.
 * @property-read string|null $region
 */
final class Address extends Model
{
    protected const FIELDS = [
        'line1',
        'line2',
        'city',
        'state',
        'postalCode',
        'country',
        'region',
    ];
}
