<?php

declare(strict_types=1);

namespace Commet\Core;

/**
 * Where time and chance come from.
 *
 * @internal
 */
class Timing
{
    public function wait(float $seconds): void
    {
        usleep((int) round($seconds * 1e6));
    }

    /** In [0, 1). */
    public function chance(): float
    {
        return random_int(0, 999_999) / 1_000_000;
    }
}
