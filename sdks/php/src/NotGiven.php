<?php

declare(strict_types=1);

namespace Commet;

/**
 * The default of arguments that may be left out. Passing it is leaving the argument out; null is sent as null where it
 * clears the field.
 */
enum NotGiven
{
    case Value;
}
