// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** Says that the key is revoked. */
public final class DeletedApiKey extends Model {
  private String id;
  private boolean deleted;
  private String object;
  private boolean livemode;

  private DeletedApiKey() {}

  public String getId() {
    return id;
  }

  public boolean isDeleted() {
    return deleted;
  }

  public String getObject() {
    return object;
  }

  public boolean isLivemode() {
    return livemode;
  }
}
