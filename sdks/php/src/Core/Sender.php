<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\ConnectionException;

/**
 * Sends one request once. Redirects are not followed.
 *
 * @internal
 */
interface Sender
{
    /**
     * @throws ConnectionException where no complete answer arrived
     */
    public function send(WireRequest $request): WireAnswer;
}
