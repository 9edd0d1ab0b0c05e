// Owns the promise that the code of README and reference compiles, and that the quick start runs.
package co.commet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String CREATED =
      "{\"success\":true,\"data\":{\"id\":\"cus_1\",\"email\":\"accounts@north.example\"}}";

  @Test
  void everyBlockCompiles(@TempDir Path output) throws Exception {
    List<String> blocks = blocksOf("README.md");
    blocks.addAll(blocksOf("REFERENCE.md"));
    for (int index = 0; index < blocks.size(); index++) {
      compile("Block" + index, blocks.get(index), output);
    }
  }

  @Test
  void theQuickStartRunsAsItStands(@TempDir Path output) throws Exception {
    String block = blocksOf("README.md").get(0);
    compileClass(
        "QuickStart", "public static void main(String[] arguments) {\n" + block + "}\n", output);
    try (StubServer stub =
        new StubServer(StubServer.json(201, CREATED), StubServer.json(200, CREATED))) {
      assertEquals("cus_1\n", run("QuickStart", output, stub.url()));
      assertEquals("POST", stub.requests().get(0).method());
      assertEquals("/api/v1/customers/user_42", stub.requests().get(1).target());
    }
  }

  /** A Java of its own, for only that has the environment a reader is told to set. */
  private static String run(String name, Path output, String baseUrl) throws Exception {
    String classes = output + File.pathSeparator + System.getProperty("java.class.path");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder program =
        new ProcessBuilder(java, "-cp", classes, name).redirectErrorStream(true);
    program.environment().put("COMMET_BASE_URL", baseUrl);
    program.environment().put("COMMET_API_KEY", "ck_sandbox_readme");
    Process running = program.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, running.waitFor(), said);
    return said;
  }

  private static List<String> blocksOf(String page) throws Exception {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(Path.of(page)));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    assertTrue(blocks.size() >= 5, page);
    return blocks;
  }

  /** The client of a block is the test's own, so that no block calls a server that is not there. */
  private static void compile(String name, String block, Path output) {
    String body = block.replaceFirst("(?s)Commet commet =.*?build\\(\\);\n", "");
    boolean isMember = body.contains("static ");
    compileClass(
        name, isMember ? body : "public static void run(Commet commet) {\n" + body + "}\n", output);
  }

  private static void compileClass(String name, String members, Path output) {
    String imports =
        "import co.commet.*;\nimport java.time.*;\nimport java.util.*;\nimport java.util.stream.*;\n";
    String source = imports + "public class " + name + " {\n" + members + "}\n";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    List<String> options =
        List.of("-d", output.toString(), "-cp", System.getProperty("java.class.path"));
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreErrors) {
            return source;
          }
        };
    boolean compiled = compiler.getTask(problems, null, null, options, null, List.of(file)).call();
    assertTrue(compiled, problems + source);
  }
}
