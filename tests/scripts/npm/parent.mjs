// Starts a footbridge, says which, and waits to be killed.
import { start } from "footbridge-aws";

const { endpoint, pid } = await start();
console.log(JSON.stringify({ endpoint, pid }));
setInterval(() => {}, 1000);
