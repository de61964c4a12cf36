/** Keys from the root of a mapping to its deepest value. Far above what people write, far below the stack's end. */
export const maxMappingDepth = 200;

/** Values in one mapping. Ends the walk through a mapping that contains itself. */
export const maxMappingValues = 100_000;

/** Members of one path. */
export const maxPathMembers = 100;

/** Levels of an event's value that a directive walks through; what lies deeper is taken as one value. */
export const maxValueDepth = 100;

/** Characters of a liquid template, and of a template that comes out of an event. */
export const maxTemplateLength = 1_000;

/** Characters that the names of one flat object repeat of each other. Of a field's texts a quarter of that is taken. */
export const maxRepeatedLength = 1_000_000;

/** Members that one list gives to its items, all together. */
export const maxCopiedMembers = 10_000_000;
