import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import {
  type IResourceProviderServer,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Invoke } from "../../../../local/provider/invokes.ts";
import type { Resource } from "../../../../local/provider/resource.ts";
import type { Aws } from "../../../../operator/aws.ts";
import { servePlugin, unary } from "../serve.ts";
import { failuresOf } from "./check.ts";
import { diffOf, liveInputs } from "./diff.ts";
import { asProgrammed, received, sent } from "./wire.ts";

export type Provided = {
  /** The version of the package that the program imports, which the engine wants the plugin to have as well. */
  readonly version: string;
  readonly aws: Aws;
  /** By Pulumi's type token. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** By Pulumi's function token. */
  readonly invokes: Readonly<Record<string, Invoke>>;
};

/**
 * Serves resource types to the engine as the plugin of the aws package, which the real one also does over gRPC:
 * inputs are checked, previews change nothing, secrets stay with the engine, which marks outputs of the same names.
 */
export async function serveProvider({ version, aws, resources, invokes }: Provided): Promise<void> {
  const resourceOf = (type: string): Resource => {
    const resource = resources[type];
    if (resource === undefined) throw new Error(`local/provider has no resource type ${type}`);
    return resource;
  };
  const service = {
    checkConfig: unary((request) => new rpc.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() => new rpc.ConfigureResponse().setSupportspreview(true)),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    cancel: unary(() => new empty.Empty()),
    invoke: unary(async (request) => {
      const invoked = invokes[request.getTok()];
      if (invoked === undefined) throw new Error(`local/provider has no function ${request.getTok()}`);
      return new rpc.InvokeResponse().setReturn(sent(await invoked(received(request.getArgs()), aws)));
    }),
    check: unary((request) => {
      const failures = failuresOf(
        resourceOf(request.getType()).schema,
        asProgrammed(received(request.getNews())),
      );
      return new rpc.CheckResponse()
        .setInputs(request.getNews())
        .setFailuresList(
          failures.map(({ property, reason }) =>
            new rpc.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),
    diff: unary((request) =>
      diffOf(
        received(request.getOldInputs()),
        received(request.getNews()),
        resourceOf(request.getType()).replaceOn,
      ),
    ),
    create: unary(async (request) => {
      const inputs = received(request.getProperties());
      if (request.getPreview()) return new rpc.CreateResponse().setProperties(sent(inputs));
      const { id, outputs } = await resourceOf(request.getType()).create(asProgrammed(inputs), aws);
      return new rpc.CreateResponse().setId(id).setProperties(sent({ ...outputs, ...inputs }));
    }),
    read: unary(async (request) => {
      const live = await resourceOf(request.getType()).read(request.getId(), aws);
      if (live === undefined) return new rpc.ReadResponse();
      return new rpc.ReadResponse()
        .setId(request.getId())
        .setInputs(sent(liveInputs(received(request.getInputs()), live)))
        .setProperties(sent({ ...received(request.getProperties()), ...live }));
    }),
    update: unary(async (request) => {
      const [before, inputs] = [received(request.getOlds()), received(request.getNews())];
      if (request.getPreview()) return new rpc.UpdateResponse().setProperties(sent({ ...before, ...inputs }));
      // The inputs, not the state: what a refresh found there may be another resource's, such as a queue's policy.
      const outputs = await resourceOf(request.getType()).update(
        request.getId(),
        asProgrammed(inputs),
        asProgrammed(received(request.getOldInputs())),
        aws,
      );
      return new rpc.UpdateResponse().setProperties(sent({ ...outputs, ...inputs }));
    }),
    delete: unary(async (request) => {
      const state = asProgrammed(received(request.getProperties()));
      await resourceOf(request.getType()).delete(request.getId(), state, aws);
      return new empty.Empty();
    }),
  } satisfies Partial<IResourceProviderServer>;
  await servePlugin(ResourceProviderService, service);
}
