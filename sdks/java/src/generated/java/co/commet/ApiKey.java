// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** An API key, without its secret. */
public final class ApiKey extends Model {
  private String id;
  private String name;
  private String prefix;
  private String createdAt;
  private String object;
  private boolean livemode;
  private String expiresAt;
  private String lastUsedAt;

  private ApiKey() {}

  public String getId() {
    return id;
  }

  public String getName() {
    return name;
  }

  /** The first characters of the secret. */
  public String getPrefix() {
    return prefix;
  }

  /** ISO 8601. */
  public String getCreatedAt() {
    return createdAt;
  }

  public String getObject() {
    return object;
  }

  public boolean isLivemode() {
    return livemode;
  }

  /** ISO 8601. May be null. */
  public String getExpiresAt() {
    return expiresAt;
  }

  /** Written at most once a minute. ISO 8601. May be null. */
  public String getLastUsedAt() {
    return lastUsedAt;
  }
}
