// Owns the two versions the client names: its own and the API's.
// Does not decide which API version a call uses; the options do.
// Always: SDK equals the version in pom.xml (a test compares them).
package co.commet;

/** The versions this package names on the wire. */
public final class Version {
  /** Version of this package, as sent in the {@code User-Agent} header. */
  public static final String SDK = "0.1.0";

  /** API version the client asks for unless {@code apiVersion} says otherwise. */
  public static final String API = "2026-07-11";

  private Version() {}
}
