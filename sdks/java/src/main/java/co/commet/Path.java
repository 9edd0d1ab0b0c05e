// Owns how identifiers get into a path.
// Does not know any route.
// Always: what the server decodes from a segment is, byte for byte, what the caller gave.
package co.commet;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

final class Path {
  private static final String UNRESERVED = "-_.!~*'()";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private Path() {}

  /** Puts each identifier, as one segment, where the template has a {@code {name}}. */
  static String fill(String template, String... identifiers) {
    StringBuilder path = new StringBuilder();
    int from = 0;
    for (String identifier : identifiers) {
      int open = template.indexOf('{', from);
      path.append(template, from, open).append(segment(identifier));
      from = template.indexOf('}', open) + 1;
    }
    return path.append(template, from, template.length()).toString();
  }

  private static String segment(String identifier) {
    if (identifier == null || identifier.isEmpty()) {
      throw CommetException.invalidArgument("an identifier in the path is not null and not empty");
    }
    // Every URL parser folds these two away, encoded or not, so they would address another
    // resource.
    if (identifier.equals(".") || identifier.equals("..")) {
      throw CommetException.invalidArgument(
          "no URL can carry the identifier \"" + identifier + "\"; use the cus_… ID instead");
    }
    StringBuilder encoded = new StringBuilder();
    ByteBuffer bytes = utf8(identifier);
    while (bytes.hasRemaining()) {
      byte octet = bytes.get();
      if (isUnreserved((char) (octet & 0xff))) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HEX[(octet >> 4) & 0xf]).append(HEX[octet & 0xf]);
      }
    }
    return encoded.toString();
  }

  private static ByteBuffer utf8(String identifier) {
    try {
      return StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .encode(CharBuffer.wrap(identifier));
    } catch (CharacterCodingException cause) {
      throw CommetException.invalidArgument(
          "an identifier in the path is well-formed Unicode; this one has a lone surrogate", cause);
    }
  }

  private static boolean isUnreserved(char octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || UNRESERVED.indexOf(octet) >= 0;
  }
}
