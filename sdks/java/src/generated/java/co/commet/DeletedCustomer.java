// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** Says that the customer is gone. */
public final class DeletedCustomer extends Model {
  private String id;
  private boolean deleted;
  private String object;
  private boolean livemode;

  private DeletedCustomer() {}

  /** ID of the customer, starting with cus_. */
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
