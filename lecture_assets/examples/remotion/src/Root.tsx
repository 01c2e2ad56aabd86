import type { ComponentType } from "react";
import { Composition } from "remotion";
import props from "../public/remotion.json";
import { Lecture } from "./Lecture";

// remotion.json has everything of a composition but its component
export const Root = () => <Composition {...props} component={Lecture as unknown as ComponentType<Record<string, unknown>>} />;
