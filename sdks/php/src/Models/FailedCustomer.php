<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Models;

use Commet\Model;

/**
 * An item of a batch that broke a rule.
 *
 * @property-read int $index Position in the request, from 0.
 * @property-read string $error What was wrong, in words.
 * @property-read array<string, mixed> $data The item as it was sent.
 */
final class FailedCustomer extends Model
{
    protected const FIELDS = [
        'index',
        'error',
        'data',
    ];

    protected const MAPS = ['data'];
}
