// Chinese first; the reader's choice is kept for this page family only.
const root = document.documentElement;
const set = lang => {
  root.lang = lang;
  document.getElementById('language').textContent = lang === 'en' ? '中文' : 'English';
};
set(localStorage.getItem('trefoil-guide-language') === 'en' ? 'en' : 'zh-CN');
document.getElementById('language').addEventListener('click', () => {
  const next = root.lang === 'en' ? 'zh-CN' : 'en';
  localStorage.setItem('trefoil-guide-language', next);
  set(next);
});
