const { clients } = require("./shop.js");

test("nothing", () => clients.s3.destroy());
