import { connect } from "node:net";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** A unary handler of one async function; what it throws reaches the engine as its message, without a stack. */
export function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error) => callback(rpcError(error)),
      );
  };
}

export function rpcError(error: unknown): { code: status; details: string } {
  return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

/** Serves a Pulumi plugin on 127.0.0.1 and prints the port, as the engine expects of every plugin, until the engine ends. */
export async function servePlugin(
  definition: ServiceDefinition,
  service: UntypedServiceImplementation,
): Promise<void> {
  endWithEngine();
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(definition, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  console.log(String(port));
}

/** The address of the engine that started this process, which it gives as the last plain argument. */
export function engineAddress(): string {
  const address = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
  if (address === undefined) throw new Error("expected the engine's address as an argument, and got none");
  return address;
}

/**
 * Ends this process soon after its engine, so that a CLI that is killed, or has ended before this process was up,
 * leaves nothing running.
 */
function endWithEngine(): void {
  const { hostname, port } = new URL(`tcp://${engineAddress()}`);
  setInterval(() => {
    const probe = connect({ host: hostname, port: Number(port) });
    probe.once("connect", () => probe.destroy());
    probe.once("error", () => process.exit(1));
  }, 1_000).unref();
}
