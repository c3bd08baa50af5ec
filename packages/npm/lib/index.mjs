import api from "./index.cjs";

export const { current, start } = api;
