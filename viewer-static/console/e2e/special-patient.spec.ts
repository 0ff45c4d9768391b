import { desk, expect, pictures, test } from './hub';

test('ACC-15: the page of special patients tells who sees one, and assigned people see what others do not', async ({ browser }) => {
  const { context, page } = await desk(browser, 'steward', 'special-patients');
  await expect(page.getByTestId('special-count')).not.toHaveText('');
  await page.locator('button[data-patient="P0018"]').click();
  await expect(page.getByTestId('special-patient')).toContainText('高建军');
  await page.getByRole('button', { name: /检\s*查/ }).click();
  await expect(page.getByText(/能看到 \d+/)).toBeVisible();
  await expect(page.getByText(/已检查/)).toHaveCount(0);
  await pictures(page, 'special-patient-who-sees');
  await page.getByTestId('user-menu').click();
  await page.getByText('English', { exact: true }).click();
  await pictures(page, 'special-patient-english');
  await context.close();
});
