<?php

declare(strict_types=1);

namespace Commet;

/**
 * The one place that tells the versions.
 */
final class Version
{
    /** Of this package. */
    public const SDK = '0.1.0';

    /** Of the API, where the client is not told another. */
    public const API = '2026-07-11';
}
