// Draws the cards of the demo's page with the official renderer. What their buttons do happens in Teams, so here they only say so.
(() => {
  const markdown = window.markdownit({ html: false, linkify: false, breaks: true });
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  const hostConfig = new AdaptiveCards.HostConfig({
    fontFamily: 'inherit',
    spacing: { small: 6, default: 8, medium: 16, large: 24, extraLarge: 32, padding: 16 },
    supportsInteractivity: true,
    textBlock: { headingLevel: 4 },
    factSet: { title: { weight: 'Bolder', wrap: true, maxWidth: 230 }, value: { wrap: true }, spacing: 12 },
    actions: {
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      buttonSpacing: 8,
      maxActions: 6,
      showCard: { actionMode: 'inline' },
    },
    containerStyles: {
      default: { backgroundColor: '#ffffff', foregroundColors: { default: { default: '#242424', subtle: '#5c5c5c' } } },
      emphasis: {
        backgroundColor: '#f3f2f1',
        foregroundColors: { default: { default: '#242424', subtle: '#555555' } },
      },
      attention: {
        backgroundColor: '#fde7e9',
        foregroundColors: { default: { default: '#242424', subtle: '#555555' } },
      },
      good: { backgroundColor: '#e7f2da', foregroundColors: { default: { default: '#242424', subtle: '#505050' } } },
      warning: { backgroundColor: '#fbf6d9', foregroundColors: { default: { default: '#242424', subtle: '#505050' } } },
      accent: { backgroundColor: '#e8ebfa', foregroundColors: { default: { default: '#242424', subtle: '#505050' } } },
    },
  });
  const cards = JSON.parse(document.getElementById('cards').textContent);
  for (const place of document.querySelectorAll('[data-card]')) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = hostConfig;
    card.onExecuteAction = (action) => {
      if (action instanceof AdaptiveCards.ToggleVisibilityAction) return;
      place.dataset.pressed = 'In Teams, this button works. Here the story goes on below.';
    };
    card.parse(cards[Number(place.dataset.card)]);
    const drawn = card.render();
    if (drawn) place.replaceChildren(drawn);
  }
  document.documentElement.dataset.ready = 'true';
})();
