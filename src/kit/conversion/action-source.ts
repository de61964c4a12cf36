/**
 * Where the conversion happened: as mapped; else `website` when there is a page's address, `app` when `app_data` is
 * complete, else `other`.
 */
export function actionSource(mapped: string | undefined, hasPage: boolean, isApp: boolean): string {
  return mapped ?? (hasPage ? 'website' : isApp ? 'app' : 'other');
}
