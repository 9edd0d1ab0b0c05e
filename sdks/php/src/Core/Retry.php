<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\ApiException;
use Commet\Exceptions\CommetException;
use Commet\Exceptions\ConnectionException;

/**
 * Owns when a failed attempt is worth another one, and how long to wait before it.
 *
 * Does not send or wait.
 * Always: a refusal that would be given again (4xx) is not retried.
 *
 * @internal
 */
final class Retry
{
    private const FIRST_BACKOFF = 1.0;
    private const LONGEST_BACKOFF = 8.0;
    private const LONGEST_RETRY_AFTER = 30.0;
    private const JITTER_SHARE = 0.25;
    private const RETRIED_STATUSES = [408, 500, 502, 503, 504];

    /**
     * @param int $attempt number of the failed attempt, from 0
     * @param float $chance in [0, 1)
     *
     * @return float|null seconds to wait, or nothing to give up
     */
    public static function delay(CommetException $error, int $attempt, float $chance): ?float
    {
        if ($error instanceof ConnectionException) {
            return self::backoff($attempt, $chance);
        }
        if (!$error instanceof ApiException) {
            return null;
        }
        $asked = $error->retryAfter === null ? null : min($error->retryAfter, self::LONGEST_RETRY_AFTER);
        if ($error->statusCode === 429) {
            return $asked;
        }
        return self::isTransient($error) ? $asked ?? self::backoff($attempt, $chance) : null;
    }

    private static function isTransient(ApiException $error): bool
    {
        // In progress: the first attempt may still be running on the server; its answer is there a moment later.
        return in_array($error->statusCode, self::RETRIED_STATUSES, true)
            || $error->errorCode === 'idempotency_in_progress';
    }

    /** 1, 2, 4, 8, 8 … seconds, less up to a quarter so that clients cut off together do not return together. */
    private static function backoff(int $attempt, float $chance): float
    {
        $full = min(self::FIRST_BACKOFF * 2 ** min($attempt, 10), self::LONGEST_BACKOFF);
        return $full * (1 - self::JITTER_SHARE * $chance);
    }
}
