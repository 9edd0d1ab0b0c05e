<?php

declare(strict_types=1);

namespace Commet\Tests;

use Commet\Commet;
use Commet\Core\Transport;
use GuzzleHttp\Psr7\HttpFactory;

/**
 * Makes clients of the stub.
 */
final class Clients
{
    public const KEY = 'ck_sandbox_0123456789abcdef';

    /** @param array<string, mixed> $options */
    public static function make(RecordedTiming $timing, array $options = []): Commet
    {
        return self::withTiming(
            new Commet(...['apiKey' => self::KEY, 'baseUrl' => Stub::shared()->url, ...$options]),
            $timing,
        );
    }

    /** The same client, waiting as told. */
    public static function withTiming(Commet $commet, RecordedTiming $timing): Commet
    {
        $transport = (new \ReflectionProperty(Commet::class, 'transport'))->getValue($commet);
        $copy = (new \ReflectionClass(Commet::class))->newInstanceWithoutConstructor();
        $attach = new \ReflectionMethod(Commet::class, 'attach');
        $attach->invoke($copy, new Transport($transport->config, $transport->sender, $timing));
        return $copy;
    }

    /** Whether PSR-18 and a PSR-7 implementation are here. */
    public static function havePsr(): bool
    {
        return interface_exists(\Psr\Http\Client\ClientInterface::class) && class_exists(HttpFactory::class);
    }
}
