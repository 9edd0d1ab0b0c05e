<?php

declare(strict_types=1);

namespace Commet;

/**
 * Owns the check that a webhook delivery really comes from the Commet server.
 *
 * Does not register endpoints and does not remember deliveries: de-duplicate on the event's ID.
 * Always: a delivery that does not verify is false or null, never an exception.
 *
 * Needs no API key, so it can be used without a client.
 */
class Webhooks
{
    /** Seconds a delivery's timestamp may differ from the clock. */
    public const DEFAULT_TOLERANCE = 300;

    /**
     * Whether the signature (the X-Commet-Signature header) is that of the raw body: the hex HMAC-SHA256 under the
     * endpoint's secret, compared in constant time. False when anything is empty or malformed.
     *
     * @param string $payload the raw body exactly as received, before any JSON parsing
     * @param string $secret whsec_…, prefix included
     */
    final public function verify(
        string $payload,
        ?string $signature,
        #[\SensitiveParameter] string $secret,
    ): bool {
        if ($payload === '' || $secret === '' || preg_match('/^[0-9a-fA-F]{64}$/D', $signature ?? '') !== 1) {
            return false;
        }
        return hash_equals(hash_hmac('sha256', $payload, $secret), strtolower((string) $signature));
    }

    /**
     * The event of a delivery that verifies, keys as on the wire; null when it does not, or is no JSON object.
     *
     * @return array<string, mixed>|null
     */
    final public function verifyAndParse(
        string $rawBody,
        ?string $signature,
        #[\SensitiveParameter] string $secret,
    ): ?array {
        return $this->verify($rawBody, $signature, $secret) ? self::parsed($rawBody) : null;
    }

    /**
     * Whether the delivery verifies under Standard Webhooks (webhook-id, webhook-timestamp and webhook-signature). One
     * good signature of several is enough, so that a secret can be rotated. False when the timestamp is too far away,
     * and for anything empty or malformed.
     *
     * @param string $payload the raw body exactly as received, before any JSON parsing
     * @param array<string, mixed> $headers of the delivery, such as getallheaders(); names in any case
     * @param string $secret whsec_ and base64
     * @param int|float $tolerance seconds between the timestamp and now, before or after
     * @param int|float|null $now seconds since 1970; the clock where nothing is given
     */
    final public function verifyStandard(
        string $payload,
        array $headers,
        #[\SensitiveParameter] string $secret,
        int|float $tolerance = self::DEFAULT_TOLERANCE,
        int|float|null $now = null,
    ): bool {
        $id = self::header($headers, 'webhook-id');
        $timestamp = self::header($headers, 'webhook-timestamp');
        $signatures = self::header($headers, 'webhook-signature');
        $key = self::base64(str_starts_with($secret, 'whsec_') ? substr($secret, strlen('whsec_')) : $secret);
        if ($payload === '' || $key === '' || $id === '' || $signatures === '') {
            return false;
        }
        if (preg_match('/^[0-9]{1,15}$/D', $timestamp) !== 1) {
            return false;
        }
        if (abs((int) $timestamp - ($now ?? time())) > $tolerance) {
            return false;
        }
        $expected = hash_hmac('sha256', "$id.$timestamp.$payload", $key, true);
        $matches = array_filter(
            explode(' ', $signatures),
            static fn (string $entry): bool => hash_equals($expected, self::standardSignature($entry)),
        );
        return $matches !== [];
    }

    /**
     * The event of a delivery that verifyStandard accepts; null when it does not, or is no JSON object.
     *
     * @param array<string, mixed> $headers
     *
     * @return array<string, mixed>|null
     */
    final public function verifyAndParseStandard(
        string $rawBody,
        array $headers,
        #[\SensitiveParameter] string $secret,
        int|float $tolerance = self::DEFAULT_TOLERANCE,
        int|float|null $now = null,
    ): ?array {
        return $this->verifyStandard($rawBody, $headers, $secret, $tolerance, $now) ? self::parsed($rawBody) : null;
    }

    /**
     * The header under a name in any case; empty where it is missing or not one text.
     *
     * @param array<int|string, mixed> $headers
     */
    private static function header(array $headers, string $name): string
    {
        foreach ($headers as $key => $value) {
            if (strtolower((string) $key) === $name) {
                $single = is_array($value) && count($value) === 1 ? reset($value) : $value;
                return is_string($single) || is_int($single) ? (string) $single : '';
            }
        }
        return '';
    }

    private static function standardSignature(string $entry): string
    {
        return str_starts_with($entry, 'v1,') ? self::base64(substr($entry, 3)) : '';
    }

    /** Empty for what is no base64; PHP's own decoder also takes white space and missing padding. */
    private static function base64(string $text): string
    {
        $form = '~^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$~D';
        return preg_match($form, $text) === 1 ? (string) base64_decode($text, true) : '';
    }

    /**
     * @return array<string, mixed>|null
     */
    private static function parsed(string $rawBody): ?array
    {
        $event = json_decode($rawBody, true, 512, JSON_BIGINT_AS_STRING);
        $isObject = is_array($event) && str_starts_with(ltrim($rawBody, " \t\r\n"), '{');
        return $isObject ? $event : null;
    }
}
