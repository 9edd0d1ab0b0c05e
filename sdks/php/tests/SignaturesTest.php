<?php

declare(strict_types=1);

namespace Commet\Tests;

use Commet\ApiResponse;
use Commet\Commet;
use Commet\Exceptions\CommetException;
use Commet\Model;
use Commet\NotGiven;
use Commet\Page;
use PHPUnit\Framework\TestCase;

/**
 * Reads every public signature of the package by reflection, and holds it to PSR-4, PSR-12 and the description of the
 * API.
 */
final class SignaturesTest extends TestCase
{
    private const SOURCE = __DIR__ . '/../src/';

    /**
     * @return iterable<string, array{\ReflectionClass<object>}>
     */
    public static function classes(): iterable
    {
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(self::SOURCE));
        foreach ($files as $file) {
            if ($file->getExtension() === 'php') {
                $name = 'Commet\\' . strtr(substr((string) $file, strlen(self::SOURCE), -4), '/', '\\');
                yield $name => [new \ReflectionClass($name)];
            }
        }
    }

    /**
     * @dataProvider classes
     *
     * @param \ReflectionClass<object> $class
     */
    public function testEveryPublicMethodIsTypedAndDocumented(\ReflectionClass $class): void
    {
        self::assertStringContainsString('/** ', self::flat($class->getDocComment()), 'says what it is');
        foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
            if (!str_starts_with($method->class, 'Commet\\') || !$method->isUserDefined()) {
                continue;
            }
            $where = "{$method->class}::{$method->name}";
            self::assertTrue($method->isConstructor() || $method->hasReturnType(), "$where has a return type");
            foreach ($method->getParameters() as $parameter) {
                self::assertTrue($parameter->hasType(), "$where: {$parameter->name} has a type");
                self::assertMatchesRegularExpression('/^[a-z][A-Za-z0-9]*$/', $parameter->name);
            }
            self::assertMatchesRegularExpression('/^(__)?[a-z][A-Za-z0-9]*$/', $method->name, 'camelCase');
            $this->checkDocumentation($method, $where);
        }
    }

    private function checkDocumentation(\ReflectionMethod $method, string $where): void
    {
        $text = (string) $method->getDocComment();
        preg_match_all('/@param .*?\$(\w+)/', self::flat($text), $documented);
        $names = array_map(static fn (\ReflectionParameter $one): string => $one->name, $method->getParameters());
        self::assertSame([], array_values(array_diff($documented[1], $names)), "$where documents what is there");
        $arrays = array_filter(
            $method->getParameters(),
            static fn (\ReflectionParameter $one): bool => str_contains((string) $one->getType(), 'array'),
        );
        foreach ($method->isUserDefined() ? $arrays : [] as $array) {
            $inherited = str_contains($where, 'Exceptions') || in_array($array->name, $documented[1], true);
            $repeated = str_ends_with($where, 'AndParseStandard');
            self::assertTrue($inherited || $repeated, "$where says what the array $array->name holds");
        }
        if (str_contains((string) $method->getReturnType(), 'array')) {
            self::assertStringContainsString('@return', $text, "$where says what the returned array holds");
        }
    }

    /**
     * @dataProvider classes
     *
     * @param \ReflectionClass<object> $class
     */
    public function testNothingPublicCanBeChangedAndClassesAreClosedOrMadeToBeExtended(\ReflectionClass $class): void
    {
        foreach ($class->getProperties(\ReflectionProperty::IS_PUBLIC) as $property) {
            $own = str_starts_with($property->class, 'Commet\\') && !$class->isEnum();
            self::assertTrue(!$own || $property->isReadOnly(), "{$class->name}::{$property->name} is read-only");
            self::assertTrue(!$own || $property->hasType(), "{$class->name}::{$property->name} has a type");
        }
        $open = ['Commet\Webhooks', 'Commet\Core\Timing'];
        $closed = $class->isFinal() || $class->isAbstract() || $class->isInterface() || $class->isEnum();
        $extended = $class->isSubclassOf(\Throwable::class) || in_array($class->name, $open, true);
        self::assertTrue($closed || $extended, "{$class->name} is final");
    }

    public function testEveryOperationOfTheApiIsAMethodWithItsArguments(): void
    {
        $count = 0;
        foreach (self::description()['resources'] as $resource) {
            $type = (new \ReflectionProperty(Commet::class, $resource['names']['php']))->getType();
            self::assertInstanceOf(\ReflectionNamedType::class, $type);
            foreach ($resource['operations'] as $operation) {
                $method = new \ReflectionMethod($type->getName(), $operation['names']['php']);
                $returned = $operation['answer']['list'] ? Page::class : ApiResponse::class;
                self::assertSame($returned, (string) $method->getReturnType(), $operation['id']);
                $this->checkArguments($operation, $method);
                $count++;
            }
        }
        self::assertGreaterThanOrEqual(9, $count);
    }

    /** @param array<string, mixed> $operation */
    private function checkArguments(array $operation, \ReflectionMethod $method): void
    {
        $parameters = [];
        foreach ($method->getParameters() as $parameter) {
            $parameters[$parameter->name] = $parameter;
        }
        $body = self::models()[$operation['body']['model'] ?? ''] ?? ['fields' => []];
        foreach ($body['fields'] as ['names' => ['php' => $name], 'required' => $required]) {
            self::assertArrayHasKey($name, $parameters, $operation['id']);
            self::assertSame($required, !$parameters[$name]->isOptional(), "{$operation['id']} $name");
            if (!$required) {
                self::assertSame(NotGiven::Value, $parameters[$name]->getDefaultValue(), "{$operation['id']} $name");
                self::assertTrue($parameters[$name]->allowsNull(), "{$operation['id']} $name");
            }
        }
        foreach ($operation['query'] as ['names' => ['php' => $name]]) {
            self::assertArrayHasKey($name, $parameters, $operation['id']);
            self::assertNull($parameters[$name]->getDefaultValue(), "{$operation['id']} $name");
        }
        self::assertSame($operation['idempotencyKey'], isset($parameters['idempotencyKey']), $operation['id']);
        if (($operation['pathParameters'][0]['wire'] ?? null) === 'id') {
            self::assertStringEndsWith('Id', $method->getParameters()[0]->name, $operation['id']);
        }
    }

    public function testEveryAnswerIsAModelWithItsFields(): void
    {
        foreach (self::models() as $name => $model) {
            if (!in_array('answer', $model['use'], true)) {
                continue;
            }
            $class = new \ReflectionClass("Commet\\Models\\$name");
            self::assertTrue($class->isSubclassOf(Model::class));
            $fields = array_column($model['fields'], 'wire');
            self::assertSame($fields, $class->getReflectionConstant('FIELDS')->getValue());
            preg_match_all('/@property-read .*?\$(\w+)/', self::flat($class->getDocComment()), $documented);
            self::assertSame($fields, $documented[1]);
        }
    }

    public function testTheSurfaceOfTheClientItself(): void
    {
        $constructor = (new \ReflectionClass(Commet::class))->getConstructor();
        self::assertNotNull($constructor);
        $names = array_map(static fn (\ReflectionParameter $one): string => $one->name, $constructor->getParameters());
        $first = ['apiKey', 'baseUrl', 'apiVersion', 'timeout', 'retries', 'httpClient'];
        self::assertSame($first, array_slice($names, 0, 6));
        self::assertTrue((new \ReflectionMethod(CommetException::class, 'getStatusCode'))->isPublic());
    }

    public function testEveryFileKeepsToTheStyle(): void
    {
        $folder = dirname(self::SOURCE);
        $files = [...glob("$folder/*.php") ?: [], ...glob("$folder/tests/*.php") ?: []];
        foreach (self::classes() as [$class]) {
            $files[] = (string) $class->getFileName();
        }
        foreach ($files as $file) {
            $text = (string) file_get_contents($file);
            self::assertStringContainsString("\n\ndeclare(strict_types=1);\n\n", $text, $file);
            self::assertMatchesRegularExpression('/[^\n]\n$/D', $text, "$file ends with one line end");
            self::assertDoesNotMatchRegularExpression('/[ \t]$|\t|\r/m', $text, "$file has no stray white space");
            foreach (explode("\n", $text) as $number => $line) {
                self::assertLessThanOrEqual(120, mb_strlen($line), $file . ':' . ($number + 1));
            }
        }
    }

    /** What the oldest PHP that the package promises could not read; the tests themselves may run on a newer one. */
    public function testNothingIsNewerThanPhp81(): void
    {
        $newer = [
            'readonly class' => '/\breadonly\s+(?:final\s+|abstract\s+)*class\b/',
            'true, false or null as a type of its own' => '/\):\s*\??(?:true|false|null)\s*[;{]/',
            'types in parentheses' => '/[(|,]\s*\([\w\\\\]+&[\w\\\\]+\)/',
            'typed constant' => '/\bconst\s+\??[\w\\\\|]+\s+[A-Z_]+\s*=/',
            'property hook, asymmetric visibility' => '/\bprivate\(set\)|\bprotected\(set\)/',
            'functions' => '/(?<![>:\w$\\\\])(?:json_validate|str_increment|str_decrement|mb_str_pad|mb_trim|mb_ucfirst'
                . '|array_find|array_find_key|array_any|array_all|array_first|array_last|curl_upkeep|ini_parse_quantity'
                . '|memory_reset_peak_usage|request_parse_body|openssl_cipher_key_length)\(/',
            'namespace Random' => '/\\\\?Random\\\\\w/',
        ];
        foreach (self::classes() as [$class]) {
            $file = (string) $class->getFileName();
            $text = self::flat((string) php_strip_whitespace($file));
            foreach ($newer as $what => $pattern) {
                self::assertDoesNotMatchRegularExpression($pattern, $text, "$file: $what");
            }
        }
    }

    /** @return array<string, mixed> */
    private static function description(): array
    {
        $text = (string) file_get_contents(__DIR__ . '/../../../spec/sdk.json');
        return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
    }

    /** @return array<string, array<string, mixed>> */
    private static function models(): array
    {
        return array_column(self::description()['models'], null, 'name');
    }

    private static function flat(string|false $comment): string
    {
        return (string) preg_replace('/\s*\n\s*\*?/', ' ', (string) $comment);
    }
}
