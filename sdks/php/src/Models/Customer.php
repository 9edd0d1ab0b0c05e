<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * Someone you bill.
 *
 * @property-read string $id ID of the customer, starting with cus_.
 * @property-read string|null $externalId Your own user ID, if one was given.
 * @property-read string|null $fullName Name of the person or business.
 * @property-read string $email Where bills go.
 * @property-read string|null $taxDocument Tax ID as it was sent.
 * @property-read string|null $documentType Kind of the tax ID, derived from the country of the address.
 * @property-read string|null $timezone IANA time zone, for display.
 * @property-read Address|null $address A postal address. Replaced whole, never merged.
 * @property-read array<string, mixed>|null $metadata Your own keys and values, as they were sent.
 * @property-read string $createdAt ISO 8601, UTC.
 * @property-read string $updatedAt ISO 8601, UTC.
 * @property-read string $object
 * @property-read bool $livemode false in the sandbox.
 */
final class Customer extends Model
{
    protected const FIELDS = [
        'id',
        'externalId',
        'fullName',
        'email',
        'taxDocument',
        'documentType',
        'timezone',
        'address',
        'metadata',
        'createdAt',
        'updatedAt',
        'object',
        'livemode',
    ];

    protected const MODELS = [
        'address' => Address::class,
    ];

    protected const MAPS = ['metadata'];
}
