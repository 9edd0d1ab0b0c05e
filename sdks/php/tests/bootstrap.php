<?php

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . substr($class, strlen('Commet\\Tests\\')) . '.php';
    if (str_starts_with($class, 'Commet\\Tests\\') && is_file($file)) {
        require $file;
    }
});

// Where Debian puts its packages; with Composer they are found already.
foreach (['Psr/Http/Message', 'Psr/Http/Client', 'GuzzleHttp/Psr7'] as $package) {
    $file = stream_resolve_include_path("$package/autoload.php");
    if ($file !== false) {
        require_once $file;
    }
}

putenv('COMMET_BASE_URL');
unset($_SERVER['COMMET_BASE_URL'], $_ENV['COMMET_BASE_URL']);
