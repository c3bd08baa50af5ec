import { test } from "vitest";
import { clients } from "./shop.js";

test("nothing", () => clients.s3.destroy());
