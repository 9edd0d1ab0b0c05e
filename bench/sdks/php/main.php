<?php

// Gets one customer again and again, through the SDK or with cURL, as standard input says: `sdk 100`, `plain 100`.

declare(strict_types=1);

require dirname(__DIR__, 3) . '/sdks/php/autoload.php';

$baseUrl = (string) getenv('COMMET_BASE_URL');
$apiKey = (string) getenv('COMMET_API_KEY');
$customerId = (string) getenv('BENCH_CUSTOMER_ID');

$commet = new Commet\Commet(apiKey: $apiKey, baseUrl: $baseUrl);
$throughSdk = static fn (): string => $commet->customers->get($customerId)->data['id'];

$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => ['accept: application/json', "x-api-key: $apiKey", 'commet-version: 2026-07-11'],
]);
$plain = static function () use ($curl, $baseUrl, $customerId): string {
    curl_setopt($curl, CURLOPT_URL, "$baseUrl/api/v1/customers/$customerId");
    $body = curl_exec($curl);
    if ($body === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
        throw new RuntimeException('no answer: ' . curl_error($curl));
    }

    return json_decode($body, true, 512, JSON_THROW_ON_ERROR)['data']['id'];
};

echo json_encode(['ready' => 'PHP ' . PHP_VERSION . ', cURL ' . curl_version()['version']]), "\n";
while (($line = fgets(STDIN)) !== false) {
    [$side, $calls] = explode(' ', trim($line));
    $call = $side === 'sdk' ? $throughSdk : $plain;
    $started = hrtime(true);
    for ($made = 0; $made < (int) $calls; $made++) {
        if ($call() !== $customerId) {
            throw new RuntimeException('another customer was answered');
        }
    }
    echo json_encode(['seconds' => (hrtime(true) - $started) / 1e9]), "\n";
}
