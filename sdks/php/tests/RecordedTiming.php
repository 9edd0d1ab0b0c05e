<?php

declare(strict_types=1);

namespace Commet\Tests;

use Commet\Core\Timing;

/**
 * Waits by writing down how long.
 */
final class RecordedTiming extends Timing
{
    /** @var list<float> */
    public array $waited = [];

    public function wait(float $seconds): void
    {
        $this->waited[] = $seconds;
    }
}
