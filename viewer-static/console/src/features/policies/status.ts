export const statusColours: Readonly<Record<string, string>> = { active: 'green', draft: 'gold', inactive: 'default' };
