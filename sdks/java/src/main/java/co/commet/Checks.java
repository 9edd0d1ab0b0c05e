// Owns what an option may be.
// Does not know defaults (Commet.Builder does).
// Always: a mistake is found before anything is sent, and so never mistaken for a network failure.
package co.commet;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Pattern;

final class Checks {
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]{1,255}");
  private static final Pattern API_KEY = Pattern.compile("ck_[\\x21-\\x7e]+");
  private static final Duration LONGEST_TIMEOUT = Duration.ofMillis(Integer.MAX_VALUE);

  private Checks() {}

  static String header(String option, String value) {
    if (value != null && PRINTABLE.matcher(value).matches()) {
      return value;
    }
    throw CommetException.invalidArgument(option + " is 1 to 255 printable ASCII characters");
  }

  static Duration timeout(Duration timeout) {
    if (timeout != null
        && !timeout.isNegative()
        && !timeout.isZero()
        && timeout.compareTo(LONGEST_TIMEOUT) <= 0) {
      return timeout;
    }
    throw CommetException.invalidArgument(
        "timeout is above zero and up to " + LONGEST_TIMEOUT + "; got " + timeout);
  }

  static int retries(int retries) {
    if (retries >= 0) {
      return retries;
    }
    throw CommetException.invalidArgument("retries is a whole number, 0 or more; got " + retries);
  }

  static String apiKey(String given) {
    String apiKey = given == null ? "" : given.strip();
    if (apiKey.isEmpty()) {
      throw CommetException.invalidArgument("API key is required");
    }
    if (!API_KEY.matcher(apiKey).matches()) {
      throw CommetException.invalidArgument("Invalid API key format. Expected format: ck_xxx...");
    }
    return apiKey;
  }

  /** The address without slashes at its end; a path in it stays. */
  static String baseUrl(String given) {
    URI url = parse(given);
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    if ((!http && !https) || url.getHost() == null) {
      throw notAnAddress(null);
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw CommetException.invalidArgument("baseUrl carries no user, password, query or fragment");
    }
    String port = url.getPort() == -1 ? "" : ":" + url.getPort();
    String path = url.getRawPath().replaceAll("/+$", "");
    return (https ? "https" : "http") + "://" + url.getHost() + port + path;
  }

  private static URI parse(String given) {
    try {
      return new URI(given.strip());
    } catch (URISyntaxException cause) {
      throw notAnAddress(cause);
    }
  }

  private static CommetException notAnAddress(Throwable cause) {
    return CommetException.invalidArgument(
        "baseUrl is an http or https address such as " + Commet.DEFAULT_BASE_URL, cause);
  }
}
