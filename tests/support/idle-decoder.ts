/** A decoder that never says that it is ready. */
setInterval(() => undefined, 1000);
