<?php

declare(strict_types=1);

namespace Commet\Tests;

use PHPUnit\Framework\TestCase;

/**
 * The PHP blocks of README and reference run, in order, as one program, against a server that answers as the API does.
 */
final class ReadmeTest extends TestCase
{
    private const CUSTOMER = [
        'id' => 'cus_01k0a2b3',
        'externalId' => 'user_42',
        'email' => 'accounts@north.example',
        'metadata' => ['a_b' => 1],
    ];

    public function testTheReadmeRuns(): void
    {
        $program = self::program('README.md');
        Stub::shared()->start(...self::replies());
        self::assertSame(
            "cus_01k0a2b3\naccounts@north.example 200 req_stub\n1: email: Invalid\n1\naccounts@north.example\n"
                . "Array\n(\n    [email] => Array\n        (\n            [0] => Invalid\n        )\n\n)\n"
                . "accounts@north.example\n",
            self::printed($program),
        );
        $requests = array_map(
            static fn (Seen $seen): string => "{$seen->method} {$seen->target}",
            Stub::shared()->requests(),
        );
        self::assertCount(count(self::replies()), $requests, implode("\n", $requests));
    }

    public function testEveryExampleOfTheReferenceRuns(): void
    {
        $program = self::program('REFERENCE.md');
        preg_match_all('/\$commet->\w+->(\w+)\(/', $program, $calls);
        $page = Stub::json(200, ['success' => true, 'data' => [self::CUSTOMER], 'hasMore' => false]);
        $replies = array_map(
            static fn (string $call): array => $call === 'list' ? $page : Stub::ok(self::CUSTOMER),
            $calls[1],
        );
        self::assertGreaterThanOrEqual(9, count($replies));
        Stub::shared()->start(...$replies);
        self::printed($program);
        self::assertCount(count($replies), Stub::shared()->requests());
    }

    private static function program(string $page): string
    {
        preg_match_all('/^```php\n(.*?)^```/ms', (string) file_get_contents(__DIR__ . "/../$page"), $blocks);
        self::assertGreaterThanOrEqual(9, count($blocks[1]));
        $program = "<?php\n\ndeclare(strict_types=1);\n\n" . implode("\n", $blocks[1]);
        $autoload = var_export(__DIR__ . '/../autoload.php', true);
        $program = str_replace("'vendor/autoload.php'", $autoload, $program, $replaced);
        self::assertSame(1, $replaced);
        return $program;
    }

    /**
     * One for each call of the page, in its order.
     *
     * @return list<array<string, mixed>>
     */
    private static function replies(): array
    {
        $ok = Stub::ok(self::CUSTOMER);
        $details = [['field' => 'email', 'message' => 'Invalid']];
        $error = ['code' => 'validation_error', 'message' => 'Bad', 'details' => $details];
        $failed = [['index' => 1, 'error' => 'email: Invalid', 'data' => ['email' => 'x']]];
        $page = Stub::json(200, ['success' => true, 'data' => [self::CUSTOMER], 'hasMore' => false]);
        return [
            'create' => $ok,
            'update' => $ok,
            'get with options' => $ok,
            'update with null' => $ok,
            'create a batch' => Stub::ok(['successful' => [self::CUSTOMER], 'failed' => $failed]),
            'a page' => $page,
            'all pages' => $page,
            'a bad address' => Stub::json(400, ['success' => false, 'error' => $error]),
            'a key' => $ok,
            'without a method' => $ok,
        ];
    }

    private static function printed(string $program): string
    {
        $environment = [
            'COMMET_BASE_URL' => Stub::shared()->url,
            'COMMET_API_KEY' => Clients::KEY,
            'COMMET_WEBHOOK_SECRET' => 'whsec_test',
        ];
        $options = ['-d', 'display_errors=1', '-d', 'error_reporting=-1'];
        $process = proc_open(
            [PHP_BINARY, ...$options],
            [['pipe', 'r'], ['pipe', 'w'], STDERR],
            $pipes,
            null,
            $environment,
        );
        self::assertIsResource($process);
        fwrite($pipes[0], $program);
        fclose($pipes[0]);
        $printed = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $printed);
        return $printed;
    }
}
