import { deliveryGrants } from "./delivery-grants.ts";
import { digestKeyGrants } from "./digest.ts";
import { inventoryKeyGrants } from "./inventory.ts";
import type { Deployment, PhysicalResources } from "./naming.ts";
import type { Statement } from "./permissions.ts";
import type { Settings } from "./settings.ts";

/** The settings that decide which services of AWS use the key, besides those that every stack has. */
export type KeyOptions = Pick<Settings, "delivery" | "inventory" | "notices">;

/** All of them on: what a key is made for before anybody knows which its stack will have. */
export const EVERY_KEY_OPTION: KeyOptions = { delivery: true, inventory: "daily", notices: "digest" };

/** What the options need of the policy of the stack's key. */
export const keyGrants = (
  { delivery, inventory, notices }: KeyOptions,
  deployment: Deployment,
  names: PhysicalResources,
): readonly Statement[] => [
  ...deliveryGrants(delivery, deployment, names).key,
  ...inventoryKeyGrants(inventory, deployment, names),
  ...digestKeyGrants(notices === "digest", deployment, names),
];
